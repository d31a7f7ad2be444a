import { Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { SignatureGuard } from '../authenticate/signature.guard.ts';
import { feeContractEntity } from '../directory/fee-contract-entity.ts';
import { ReadEntities } from '../directory/read-entities.ts';
import { SetFeeTerms } from '../edit-entities/set-fee-terms.ts';
import { feeTerms } from './change-fields.ts';
import { Exchanged, type Exchange } from './exchange.ts';
import { keyOfPath } from './entity-paths.ts';
import { listQueryOf, merchantsQuery, pageBody } from './pages.ts';

/** Fee contracts between the network, an acquirer and a provider: operators set them, a provider sees its own. */
@Controller('v1/fee-contracts')
@UseGuards(SignatureGuard)
export class FeeContractsController {
  readonly #read: ReadEntities;
  readonly #feeTerms: SetFeeTerms;

  constructor(@Inject(ReadEntities) read: ReadEntities, @Inject(SetFeeTerms) feeTermsToSet: SetFeeTerms) {
    this.#read = read;
    this.#feeTerms = feeTermsToSet;
  }

  @Post()
  async set(@Exchanged() exchange: Exchange): Promise<object> {
    exchange.assertOperator();
    const { version, ...fields } = exchange.body(feeTerms);
    const { feeContract } = feeContractEntity(fields);
    const replaces = version === undefined ? undefined : BigInt(version);
    return exchange.created(await this.#feeTerms.set({ feeContract, replaces }, exchange));
  }

  @Get()
  async list(@Exchanged() exchange: Exchange): Promise<object> {
    return pageBody(
      await this.#read.list(listQueryOf('fee_contract', merchantsQuery, exchange.query), exchange.principal),
    );
  }

  @Get(':id')
  async one(@Param('id') id: string, @Exchanged() exchange: Exchange): Promise<object> {
    const key = keyOfPath('fee_contract', id);
    return exchange.entity(await this.#read.one(key, exchange.principal), key);
  }
}
