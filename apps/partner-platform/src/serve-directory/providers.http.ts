import { Controller, Get, Inject, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { SignatureGuard } from '../authenticate/signature.guard.ts';
import { providerFields } from '../directory/entity-fields.ts';
import { ReadEntities } from '../directory/read-entities.ts';
import { ChangeEntity } from '../edit-entities/change-entity.ts';
import { CreateEntity } from '../edit-entities/create-entity.ts';
import { providerChange } from './change-fields.ts';
import { Exchanged, type Exchange } from './exchange.ts';
import { keyOfPath } from './entity-paths.ts';
import { listQueryOf, pageBody, pageQuery } from './pages.ts';

/** Service providers (服务商): operators register them, each sees itself. */
@Controller('v1/providers')
@UseGuards(SignatureGuard)
export class ProvidersController {
  readonly #read: ReadEntities;
  readonly #creation: CreateEntity;
  readonly #changes: ChangeEntity;

  constructor(
    @Inject(ReadEntities) read: ReadEntities,
    @Inject(CreateEntity) creation: CreateEntity,
    @Inject(ChangeEntity) changes: ChangeEntity,
  ) {
    this.#read = read;
    this.#creation = creation;
    this.#changes = changes;
  }

  @Post()
  async create(@Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertOperator();
    const fields = exchange.body(providerFields);
    const entity = { type: 'provider', id: fields.providerId, provider: fields } as const;
    return exchange.created(await this.#creation.create({ entity, fields }, exchange));
  }

  @Get()
  async list(@Exchanged() exchange: Exchange): Promise<object> {
    return pageBody(await this.#read.list(listQueryOf('provider', pageQuery, exchange.query), exchange.principal));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    const key = keyOfPath('provider', id);
    return exchange.entity(await this.#read.one(key, exchange.principal), key);
  }

  @Patch(':id')
  async change(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertOperator();
    const key = keyOfPath('provider', id);
    const { status, version, ...fields } = exchange.body(providerChange);
    const expected = exchange.expectedVersion(version);
    const stored = await this.#changes.change({ key, expected, status, fields }, exchange);
    return exchange.entity(stored, key);
  }
}
