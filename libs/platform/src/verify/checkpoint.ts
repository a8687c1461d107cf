import { canonical, GENESIS_HASH } from '@concord/kernel';
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify, type JsonWebKey } from 'node:crypto';
import type { MigrationDefinition } from '../service/definitions.js';

/** Events under one checkpoint at most: a proof reads its events, so its cost does not grow with the log. */
export const CHECKPOINT_EVENTS_MAX = 1_024;

/** Signed roots over the log, made off the hot path. `at` is text, because it is signed as it was written. */
export const checkpointTables: MigrationDefinition = {
  name: '0001-checkpoints',
  sql: `
    CREATE TABLE checkpoint_keys (
      kid text PRIMARY KEY,
      public_jwk json NOT NULL,
      private_jwk json NOT NULL,
      at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE checkpoints (
      number int PRIMARY KEY,
      xid xid8 NOT NULL,
      position bigint NOT NULL,
      events int NOT NULL,
      root text NOT NULL,
      previous text NOT NULL,
      at text NOT NULL,
      kid text NOT NULL REFERENCES checkpoint_keys,
      signature text NOT NULL
    );
    CREATE UNIQUE INDEX checkpoints_order ON checkpoints (xid, position);`,
};

/** What is signed: that these events, in this order, followed what the checkpoint before had covered. */
export interface Statement {
  readonly context: string;
  /** 1, 2, 3 without gap. */
  readonly number: number;
  /** How many events of the log it covers, behind those of the checkpoint before. */
  readonly events: number;
  /** Merkle root over their hashes in the order of the log. */
  readonly root: string;
  /** SHA-256 of the statement before; zeros before the first. */
  readonly previous: string;
  /** Real time, RFC 3339 UTC. */
  readonly at: string;
  readonly kid: string;
}

/** A statement with its Ed25519 signature, base64url. */
export interface Checkpoint extends Statement {
  readonly signature: string;
}

/** The exact text that is signed. */
export const statementText = ({ context, number, events, root, previous, at, kid }: Statement): string =>
  canonical({ context, number, events, root, previous, at, kid });

/** What the next checkpoint names as `previous`. */
export const statementHash = (statement: Statement | undefined): string =>
  statement ? hash('sha256', statementText(statement)) : GENESIS_HASH;

/** A key pair as it is kept. */
export interface CheckpointKey {
  readonly kid: string;
  readonly public_jwk: JsonWebKey;
  readonly private_jwk: JsonWebKey;
}

export function newCheckpointKey(): CheckpointKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const public_jwk = publicKey.export({ format: 'jwk' });
  return { kid: hash('sha256', canonical(public_jwk)).slice(0, 16), public_jwk, private_jwk: privateKey.export({ format: 'jwk' }) };
}

export const signed = (statement: Statement, key: CheckpointKey): Checkpoint => ({
  ...statement,
  signature: sign(null, Buffer.from(statementText(statement)), createPrivateKey({ key: key.private_jwk, format: 'jwk' })).toString(
    'base64url',
  ),
});

/** Whether the signature is that of this key over this statement. */
export const isSigned = (checkpoint: Checkpoint, publicJwk: JsonWebKey): boolean =>
  verify(
    null,
    Buffer.from(statementText(checkpoint)),
    createPublicKey({ key: publicJwk, format: 'jwk' }),
    Buffer.from(checkpoint.signature, 'base64url'),
  );
