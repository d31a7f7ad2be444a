import { Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { SignatureGuard } from '../authenticate/signature.guard.ts';
import { BindPlate } from '../bind-plate/bind-plate.ts';
import { ReadEntities } from '../directory/read-entities.ts';
import { CreateEntity } from '../edit-entities/create-entity.ts';
import { plateBinding, printedPlate } from './change-fields.ts';
import { Exchanged, type Exchange } from './exchange.ts';
import { keyOfPath } from './entity-paths.ts';
import { listQueryOf, pageBody, premisesQuery } from './pages.ts';

/** Plates (码牌): printed for a provider, bound to its merchants. */
@Controller('v1/plates')
@UseGuards(SignatureGuard)
export class PlatesController {
  readonly #read: ReadEntities;
  readonly #creation: CreateEntity;
  readonly #plates: BindPlate;

  constructor(
    @Inject(ReadEntities) read: ReadEntities,
    @Inject(CreateEntity) creation: CreateEntity,
    @Inject(BindPlate) plates: BindPlate,
  ) {
    this.#read = read;
    this.#creation = creation;
    this.#plates = plates;
  }

  @Post()
  async create(@Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const { plateId, providerId } = exchange.body(printedPlate);
    const plate = { plateId, merchantId: '', storeId: '', terminalId: '' };
    const entity = { type: 'plate', id: plateId, plate } as const;
    const { reach } = exchange.principal;
    const stock = reach.kind === 'provider' ? reach.providerId : (providerId ?? null);
    return exchange.created(await this.#creation.create({ entity, fields: plate, stock }, exchange));
  }

  @Get()
  async list(@Exchanged() exchange: Exchange): Promise<object> {
    return pageBody(await this.#read.list(listQueryOf('plate', premisesQuery, exchange.query), exchange.principal));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    const key = keyOfPath('plate', id);
    return exchange.entity(await this.#read.one(key, exchange.principal), key);
  }

  @Post(':id/bind')
  async bind(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const key = keyOfPath('plate', id);
    return exchange.entity(await this.#plates.bind(key.id, exchange.body(plateBinding), exchange), key);
  }

  @Post(':id/unbind')
  async unbind(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertEditor();
    const key = keyOfPath('plate', id);
    return exchange.entity(await this.#plates.unbind(key.id, exchange), key);
  }
}
