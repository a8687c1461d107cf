// The peer: what a good team writes first with the same parts. Nest on Express, TypeORM entities, one transaction per request with
// idempotency key, row lock on the line, pledge and outbox row. Argument: database url. Prints its port.
import 'reflect-metadata';
import { Body, Controller, Headers, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { DataSource, EntitySchema } from 'typeorm';

const column = (type, more = {}) => ({ type, ...more });
const Line = new EntitySchema({
  name: 'Line',
  tableName: 'crud_lines',
  columns: { id: column('uuid', { primary: true }), target: column('bigint'), reserved: column('bigint') },
});
const Pledge = new EntitySchema({
  name: 'Pledge',
  tableName: 'crud_pledges',
  columns: {
    id: column('uuid', { primary: true, generated: 'uuid' }),
    lineId: column('uuid'),
    organisationId: column('uuid'),
    amount: column('bigint'),
    status: column('text'),
    madeAt: column('timestamptz', { createDate: true }),
  },
});
const Outbox = new EntitySchema({
  name: 'Outbox',
  tableName: 'crud_outbox',
  columns: { id: column('bigint', { primary: true, generated: 'increment' }), type: column('text'), payload: column('jsonb') },
});
const Answered = new EntitySchema({
  name: 'Answered',
  tableName: 'crud_requests',
  columns: { key: column('text', { primary: true }), body: column('jsonb') },
});

const source = new DataSource({
  type: 'postgres',
  url: process.argv[2],
  entities: [Line, Pledge, Outbox, Answered],
  synchronize: true,
  poolSize: 16,
});
await source.initialize();
await source.query(
  `INSERT INTO crud_lines SELECT gen_random_uuid(), 9000000000000000, 0 FROM generate_series(1, 10000) ON CONFLICT DO NOTHING`,
);

class PledgesController {
  async make(body, key) {
    return source.transaction(async (manager) => {
      const known = await manager.findOneBy(Answered, { key });
      if (known) return known.body;
      const line = await manager.findOne(Line, { where: { id: body.lineId }, lock: { mode: 'pessimistic_write' } });
      if (Number(line.reserved) + body.amount > Number(line.target)) throw new Error('line full');
      await manager.update(Line, { id: line.id }, { reserved: Number(line.reserved) + body.amount });
      const pledge = await manager.save(Pledge, {
        lineId: line.id,
        organisationId: body.organisationId,
        amount: body.amount,
        status: 'offered',
      });
      await manager.insert(Outbox, { type: 'PledgeMade', payload: pledge });
      await manager.insert(Answered, { key, body: pledge });
      return pledge;
    });
  }
}
Controller('pledges')(PledgesController);
const descriptor = Object.getOwnPropertyDescriptor(PledgesController.prototype, 'make');
Post()(PledgesController.prototype, 'make', descriptor);
HttpCode(201)(PledgesController.prototype, 'make', descriptor);
Body()(PledgesController.prototype, 'make', 0);
Headers('idempotency-key')(PledgesController.prototype, 'make', 1);

class PeerModule {}
Module({ controllers: [PledgesController] })(PeerModule);
const app = await NestFactory.create(PeerModule, new ExpressAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
const lines = (await source.query('SELECT id FROM crud_lines LIMIT 10000')).map(({ id }) => id);
process.send?.({ port: app.getHttpServer().address().port, lines });
