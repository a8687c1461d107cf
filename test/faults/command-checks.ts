import { grouped, Findings, type Finding } from './findings.js';
import { answersByKey, versionOf, type Answered, type CommandName, type Intent, type RunRecord } from './history.js';
import type { StoredEvent, StoredRows } from './stored-rows.js';

/** The one event by which a command changes its pledge. A confirmation by the first of two approvers is an approval. */
const EFFECTS: { readonly [name in CommandName]: readonly string[] } = {
  make: ['PledgeMade'],
  amend: ['PledgeAmended'],
  accept: ['PledgeAccepted'],
  confirm: ['PledgeConfirmed', 'PledgeApprovalGiven'],
  withdraw: ['PledgeWithdrawn'],
  decline: ['PledgeDeclined'],
};

const EFFECT_KINDS: ReadonlySet<string> = new Set(Object.values(EFFECTS).flat());
const isDone = ({ status }: Answered): boolean => status < 300;
/** Attempts carry the key before the last slash. */
const keyOf = ({ meta: { correlation } }: StoredEvent): string => correlation.slice(0, correlation.lastIndexOf('/'));
const idIn = (body: string): string => (JSON.parse(body) as { id: string }).id;

/** I1: every acknowledged command is in the log once, every refused one is not, and every event of the load has a command. */
export function checkAcknowledged({ intents, entries }: RunRecord, { events, answers: stored }: StoredRows): Finding[] {
  const findings = new Findings('I1');
  const effects = grouped(
    events.filter(({ kind }) => EFFECT_KINDS.has(kind)),
    keyOf,
  );
  const answers = answersByKey(entries);
  const rows = grouped(stored, ({ scope, key }) => `${scope} ${key}`);
  for (const intent of intents) {
    const { key, organisation, command } = intent;
    const answer = answers.get(key)?.[0]?.answer;
    const found = effects.get(key) ?? [];
    effects.delete(key);
    if (!answer) {
      findings.add('unanswered', `${command} ${key}`);
      continue;
    }
    compareEffect(findings, intent, answer, found);
    const row = rows.get(`${organisation} ${key}`)?.[0];
    if (!row) findings.add('lost', `the stored answer of ${command} ${key}`);
    else if (row.status !== answer.status || row.body !== answer.body)
      findings.add('changed', `the stored answer of ${command} ${key}`);
  }
  for (const [key, strange] of effects) findings.add('phantom', `${strange[0]!.kind} of ${key}, which nobody sent`);
  return findings.all;
}

function compareEffect(findings: Findings, intent: Intent, answer: Answered, found: readonly StoredEvent[]): void {
  const where = `${intent.command} ${intent.key}`;
  if (!isDone(answer)) {
    if (found.length > 0) findings.add('phantom', `${where} was refused and has an effect`);
    return;
  }
  if (found.length > 1) findings.add('double', `${where}: ${found.length} effects`);
  const fits = found.some(
    ({ stream, version, kind }) =>
      EFFECTS[intent.command].includes(kind) && stream === idIn(answer.body) && version <= versionOf(answer.etag),
  );
  if (!fits) findings.add('lost', where);
}

/** I2: all answers to a key are the same byte for byte, and the key answers nothing else. */
export function checkReplays({ intents, entries, probes }: RunRecord): Finding[] {
  const findings = new Findings('I2');
  const names = new Map(intents.map(({ key, command }) => [key, `${command} ${key}`]));
  for (const [key, answers] of answersByKey(entries)) {
    const [first] = answers;
    const differs = answers.filter(({ answer: { status, etag, body } }) => {
      const { answer } = first!;
      return status !== answer.status || etag !== answer.etag || body !== answer.body;
    });
    if (differs.length > 0) findings.add('changed', `${names.get(key) ?? key}: ${differs.length} of ${answers.length} answers`);
    // Whatever else the API says, it does not say it to a command of this load.
    if (first!.answer.status >= 300 && first!.answer.status !== 409)
      findings.add('changed', `${names.get(key) ?? key} was answered ${first!.answer.status}`);
  }
  for (const { key, status } of probes)
    if (status !== 422) findings.add('changed', `${key} with another body was answered ${status}`);
  return findings.all;
}

interface Seen {
  readonly object: string;
  readonly version: number;
  readonly from: number;
  readonly to: number;
}

/** I13: who was told a version reads at least that version from then on, and versions never go back. */
export function checkReadings({ entries, readings }: RunRecord): Finding[] {
  const findings = new Findings('I13');
  const told: Seen[] = [...answersByKey(entries).values()].flatMap((answers) =>
    answers
      .filter(({ answer }) => isDone(answer))
      .slice(0, 1)
      .map(({ at, answer }) => ({ object: idIn(answer.body), version: versionOf(answer.etag), from: at, to: at })),
  );
  const facts = grouped([...told, ...readings], ({ object }) => object);
  for (const [object, read] of grouped(readings, (reading) => reading.object)) {
    const known = facts.get(object)!.sort((a, b) => a.to - b.to);
    let [next, least] = [0, 0];
    for (const { version, from } of [...read].sort((a, b) => a.from - b.from)) {
      for (; next < known.length && known[next]!.to < from; next += 1) least = Math.max(least, known[next]!.version);
      if (version < least) findings.add('stale', `${object}: version ${version} after ${least}`);
    }
  }
  return findings.all;
}
