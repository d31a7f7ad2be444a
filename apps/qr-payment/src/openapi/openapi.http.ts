import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from './openapi-document.ts';

@Controller('/openapi')
export class OpenApiHttp {
  readonly #document = openApiDocument();

  @Get('qr-payment.json')
  read(): Record<string, unknown> {
    return this.#document;
  }
}
