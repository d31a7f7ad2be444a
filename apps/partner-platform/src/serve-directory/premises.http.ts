import { Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { terminalKey } from '@fourway/contracts';
import { SignatureGuard } from '../authenticate/signature.guard.ts';
import { storeFields, terminalFields } from '../directory/entity-fields.ts';
import { ReadEntities } from '../directory/read-entities.ts';
import { CreateEntity } from '../edit-entities/create-entity.ts';
import { Exchanged, type Exchange } from './exchange.ts';
import { keyOfPath } from './entity-paths.ts';
import { listQueryOf, pageBody, premisesQuery } from './pages.ts';

/** Merchants' stores. */
@Controller('v1/stores')
@UseGuards(SignatureGuard)
export class StoresController {
  readonly #read: ReadEntities;
  readonly #creation: CreateEntity;

  constructor(@Inject(ReadEntities) read: ReadEntities, @Inject(CreateEntity) creation: CreateEntity) {
    this.#read = read;
    this.#creation = creation;
  }

  @Post()
  async create(@Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const fields = exchange.body(storeFields);
    const entity = { type: 'store', id: fields.storeId, store: fields } as const;
    return exchange.created(await this.#creation.create({ entity, fields }, exchange));
  }

  @Get()
  async list(@Exchanged() exchange: Exchange): Promise<object> {
    return pageBody(await this.#read.list(listQueryOf('store', premisesQuery, exchange.query), exchange.principal));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    const key = keyOfPath('store', id);
    return exchange.entity(await this.#read.one(key, exchange.principal), key);
  }
}

/** Terminals in stores; the id in paths is `<merchant id>-<terminal id>`. */
@Controller('v1/terminals')
@UseGuards(SignatureGuard)
export class TerminalsController {
  readonly #read: ReadEntities;
  readonly #creation: CreateEntity;

  constructor(@Inject(ReadEntities) read: ReadEntities, @Inject(CreateEntity) creation: CreateEntity) {
    this.#read = read;
    this.#creation = creation;
  }

  @Post()
  async create(@Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const fields = exchange.body(terminalFields);
    const entity = { type: 'terminal', id: terminalKey(fields), terminal: fields } as const;
    return exchange.created(await this.#creation.create({ entity, fields }, exchange));
  }

  @Get()
  async list(@Exchanged() exchange: Exchange): Promise<object> {
    return pageBody(await this.#read.list(listQueryOf('terminal', premisesQuery, exchange.query), exchange.principal));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    const key = keyOfPath('terminal', id);
    return exchange.entity(await this.#read.one(key, exchange.principal), key);
  }
}
