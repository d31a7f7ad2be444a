import { Controller, Get, HttpCode, Inject, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { SignatureGuard } from '../authenticate/signature.guard.ts';
import { merchantFields } from '../directory/entity-fields.ts';
import { ReadEntities } from '../directory/read-entities.ts';
import { ChangeEntity } from '../edit-entities/change-entity.ts';
import { CreateEntity } from '../edit-entities/create-entity.ts';
import { IssueApiKey, type IssuedKey } from '../issue-api-key/issue-api-key.ts';
import { merchantChange } from './change-fields.ts';
import { Exchanged, type Exchange } from './exchange.ts';
import { keyOfPath } from './entity-paths.ts';
import { listQueryOf, merchantsQuery, pageBody } from './pages.ts';

/** Merchants with their acquirer contracts, and their API keys. */
@Controller('v1/merchants')
@UseGuards(SignatureGuard)
export class MerchantsController {
  readonly #read: ReadEntities;
  readonly #creation: CreateEntity;
  readonly #changes: ChangeEntity;
  readonly #apiKeys: IssueApiKey;

  constructor(
    @Inject(ReadEntities) read: ReadEntities,
    @Inject(CreateEntity) creation: CreateEntity,
    @Inject(ChangeEntity) changes: ChangeEntity,
    @Inject(IssueApiKey) apiKeys: IssueApiKey,
  ) {
    this.#read = read;
    this.#creation = creation;
    this.#changes = changes;
    this.#apiKeys = apiKeys;
  }

  @Post()
  async create(@Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const fields = exchange.body(merchantFields);
    const entity = { type: 'merchant', id: fields.merchantId, merchant: { ...fields, apiKeyVersion: 0 } } as const;
    return exchange.created(await this.#creation.create({ entity, fields }, exchange));
  }

  @Get()
  async list(@Exchanged() exchange: Exchange): Promise<object> {
    return pageBody(await this.#read.list(listQueryOf('merchant', merchantsQuery, exchange.query), exchange.principal));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    const key = keyOfPath('merchant', id);
    return exchange.entity(await this.#read.one(key, exchange.principal), key);
  }

  @Patch(':id')
  async change(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const key = keyOfPath('merchant', id);
    const { status, version, ...fields } = exchange.body(merchantChange);
    const expected = exchange.expectedVersion(version);
    const stored = await this.#changes.change({ key, expected, status, fields }, exchange);
    return exchange.entity(stored, key);
  }

  @Post(':id/api-keys')
  @HttpCode(201)
  async issueKey(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<IssuedKey> {
    exchange.assertEditor();
    const { id: merchantId } = keyOfPath('merchant', id);
    return this.#apiKeys.issue({ merchantId, idempotencyKey: exchange.idempotencyKey() }, exchange);
  }
}
