import type { Readable } from 'node:stream';
import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HttpProblem, ndjsonMediaType, TakesBody } from '@fourway/platform-http';
import { Exchanged, type Exchange } from '../serve-directory/exchange.ts';
import { DeclaredDigestGuard, declaredDigestOf } from './declared-digest.guard.ts';
import { ImportDirectory, type ImportResult } from './import-directory.ts';

/** The way in for whole directories. */
@Controller('v1/directory')
@UseGuards(DeclaredDigestGuard)
export class ImportDirectoryController {
  readonly #imports: ImportDirectory;

  constructor(@Inject(ImportDirectory) imports: ImportDirectory) {
    this.#imports = imports;
  }

  @Post('import')
  @HttpCode(200)
  @TakesBody({ streams: true })
  async import(@Exchanged() exchange: Exchange, @Req() request: FastifyRequest): Promise<ImportResult> {
    exchange.assertOperator();
    const stream = streamOf(request);
    // Reading ends at the first fault, and the connection must live on to carry the answer.
    const body = stream.iterator({ destroyOnReturn: false });
    try {
      return await this.#imports.import({ body, digest: declaredDigestOf(request) }, exchange);
    } finally {
      stream.resume();
    }
  }
}

function streamOf({ body, raw }: FastifyRequest): Readable {
  if (body === raw) return raw;
  throw new HttpProblem({
    status: 415,
    code: 'unsupported_media_type',
    title: 'An import is a stream of lines',
    detail: `Send ${ndjsonMediaType}.`,
  });
}
