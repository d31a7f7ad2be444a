import type { Provider, Type } from '@nestjs/common';
import { systemClock } from '@fourway/kernel';
import { RequestVerifier } from '@fourway/platform-signing';
import { Signatures } from './authenticate/signatures.ts';
import { BindPlate } from './bind-plate/bind-plate.ts';
import type { DirectoryRepository } from './directory/directory.repository.ts';
import { ReadEntities } from './directory/read-entities.ts';
import { ChangeEntity } from './edit-entities/change-entity.ts';
import { CreateEntity } from './edit-entities/create-entity.ts';
import { SetFeeTerms } from './edit-entities/set-fee-terms.ts';
import { ImportDirectory } from './import-directory/import-directory.ts';
import { ImportDirectoryController } from './import-directory/import-directory.http.ts';
import { IssueApiKey } from './issue-api-key/issue-api-key.ts';
import { FeeContractsController } from './serve-directory/fee-contracts.http.ts';
import { MerchantsController } from './serve-directory/merchants.http.ts';
import { PlatesController } from './serve-directory/plates.http.ts';
import { StoresController, TerminalsController } from './serve-directory/premises.http.ts';
import { ProvidersController } from './serve-directory/providers.http.ts';
import { OpenApiController } from './describe-api/openapi.http.ts';

/** Every route there is. */
export const controllers: Type[] = [
  ProvidersController,
  MerchantsController,
  StoresController,
  TerminalsController,
  PlatesController,
  FeeContractsController,
  ImportDirectoryController,
  OpenApiController,
];

/** What the routes stand on. */
export function useCases(directory: DirectoryRepository, masterKey: Buffer): Provider[] {
  const signatures = new Signatures({ verifier: new RequestVerifier(masterKey), directory, clock: systemClock });
  const creation = new CreateEntity(directory);
  return [
    { provide: Signatures, useValue: signatures },
    { provide: ReadEntities, useValue: new ReadEntities(directory) },
    { provide: CreateEntity, useValue: creation },
    { provide: ChangeEntity, useValue: new ChangeEntity(directory) },
    { provide: SetFeeTerms, useValue: new SetFeeTerms(directory, creation) },
    { provide: BindPlate, useValue: new BindPlate(directory) },
    { provide: IssueApiKey, useValue: new IssueApiKey(directory, masterKey) },
    { provide: ImportDirectory, useValue: new ImportDirectory(directory) },
  ];
}
