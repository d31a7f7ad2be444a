import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from './openapi-document.ts';

/** What this API is, for people's tools; the one route without a signature. */
@Controller('openapi')
export class OpenApiController {
  readonly #document = openApiDocument();

  @Get('partner-platform.json')
  document(): object {
    return this.#document;
  }
}
