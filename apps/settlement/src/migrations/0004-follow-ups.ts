import type { MigrationInterface, QueryRunner } from '@fourway/platform-postgres';

/** Facts of refunds, voids and reversals: the same columns and legs with the opposite sign, and which facts are of one payment. */
export class FollowUps1763800000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table payment_fact (
        root_id uuid not null,
        operation_id uuid not null,
        is_return boolean not null,
        primary key (root_id, operation_id)
      );
      comment on table payment_fact is 'facts of operations on a payment; a sale''s own fact is found by its root id';
      comment on column payment_fact.is_return is 'a refund or the reversal of one; else a capture or what undoes it';

      alter table fact drop constraint fact_amounts;
      alter table fact add constraint fact_amounts check (case when gross > 0
        then mdr between 0 and gross and least(issuer_fee, network_fee_issuer, network_fee_acquirer) >= 0 and least(provider_share, agent_share) >= -1
        else mdr between gross and 0 and greatest(issuer_fee, network_fee_issuer, network_fee_acquirer) <= 0 and greatest(provider_share, agent_share) <= 1
          and gross < 0 end);
      comment on column fact.gross is 'negative in a refund, and in what undoes a capture; fees then go back, and a share by one unit the other way at most';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table payment_fact;
      alter table fact drop constraint fact_amounts;
      alter table fact add constraint fact_amounts check (gross > 0 and mdr between 0 and gross and issuer_fee >= 0 and network_fee_issuer >= 0
        and network_fee_acquirer >= 0 and provider_share >= 0 and agent_share >= 0) not valid;
    `);
  }
}
