import { statementHash, isSigned, type CheckpointKey, type Statement } from './checkpoint.js';
import { CHECKPOINT_COLUMNS, type CheckpointRow } from './checkpoints.js';
import { merkleRoot } from './merkle.js';
import { reasonOf, Tally } from './report.js';
import { Lookahead, type Snapshot } from './snapshot.js';
import { liesBefore } from './stored-event.js';

/** A checkpoint someone outside has kept: the log has to hold it still. */
export interface Witnessed {
  readonly number: number;
  /** SHA-256 of its statement. */
  readonly hash: string;
}

interface Leaf {
  readonly xid: string;
  readonly position: string;
  readonly hash: string;
}

/**
 * Computes every signed root again. Finds what the hash chains of the streams cannot show: a tail that was cut off with its
 * stream set back, and a history that was written anew with fresh hashes. Who can write to the database can also write
 * checkpoints anew; against that only those kept elsewhere help (`witnessed`).
 */
export async function checkCheckpoints(context: string, snapshot: Snapshot, witnessed: readonly Witnessed[] = []): Promise<Tally> {
  const tally = new Tally('checkpoints: signatures, chain, roots');
  const keys = new Map(
    (await snapshot.query<CheckpointKey>('SELECT kid, public_jwk FROM checkpoint_keys')).map((key) => [key.kid, key]),
  );
  const expected = new Map(witnessed.map(({ number, hash }) => [number, hash]));
  const leaves = new Lookahead(leavesOf(snapshot));
  let previous: Statement | undefined;
  for await (const rows of checkpointRows(snapshot)) {
    for (const row of rows) {
      const where = `checkpoint ${row.number}`;
      const statement = { ...row, context };
      tally.looked();
      if (row.number !== (previous?.number ?? 0) + 1) tally.differs(where, `it follows checkpoint ${previous?.number ?? 0}`);
      if (row.previous !== statementHash(previous)) tally.differs(where, 'it does not name the checkpoint before it');
      const hash = expected.get(row.number);
      if (hash !== undefined && hash !== statementHash(statement)) tally.differs(where, 'it is not the one that was witnessed');
      expected.delete(row.number);
      const key = keys.get(row.kid);
      const problem = signatureProblem(statement, key);
      if (problem) tally.differs(where, problem);
      const covered: string[] = [];
      for (;;) {
        if (!leaves.ready) await leaves.fill();
        if (!leaves.next || liesBefore(row, leaves.next)) break;
        covered.push(leaves.take()!.hash);
      }
      if (covered.length !== row.events)
        tally.differs(where, `it covers ${row.events} events, the log has ${covered.length} there`);
      else if (merkleRoot(covered) !== row.root) tally.differs(where, 'the events it covers are not those it was made over');
      previous = statement;
    }
  }
  for (const number of expected.keys()) tally.differs(`checkpoint ${number}`, 'it was witnessed and is gone');
  return tally;
}

function signatureProblem(checkpoint: Parameters<typeof isSigned>[0], key: CheckpointKey | undefined): string | undefined {
  if (!key) return `its key ${checkpoint.kid} is unknown`;
  try {
    return isSigned(checkpoint, key.public_jwk) ? undefined : 'its signature does not hold';
  } catch (error) {
    return reasonOf(error);
  }
}

async function* leavesOf(snapshot: Snapshot): AsyncGenerator<readonly Leaf[]> {
  for await (const rows of snapshot.copy('SELECT xid, position, hash FROM events ORDER BY xid, position'))
    yield rows.map((fields) => {
      const [xid, position, hash] = fields as readonly string[];
      return { xid: xid!, position: position!, hash: hash! };
    });
}

/** Every checkpoint in order, in pages. */
async function* checkpointRows(snapshot: Snapshot): AsyncGenerator<readonly CheckpointRow[]> {
  for (let after = 0; ;) {
    const rows = await snapshot.query<CheckpointRow>(
      `SELECT ${CHECKPOINT_COLUMNS} FROM checkpoints WHERE number > $1 ORDER BY number LIMIT 1000`,
      [after],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.number;
  }
}
