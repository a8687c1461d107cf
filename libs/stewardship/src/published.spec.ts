import { STEWARDSHIP_EVENTS } from '@concord/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Backing } from './domain/backing.js';
import { EvidenceFile } from './domain/evidence-file.js';
import { Milestone } from './domain/milestone.js';
import { Party } from './domain/party.js';
import { Project } from './domain/project.js';
import { Report } from './domain/report.js';
import { published } from './published.js';

const AGGREGATES = [Project, Milestone, Report, Backing, Party, EvidenceFile];
const events = new Map(AGGREGATES.flatMap((aggregate) => [...aggregate.events]));
const publicKinds = STEWARDSHIP_EVENTS.map(({ kind }) => kind as string);

const here = join(import.meta.dirname, '..');
const PUBLIC = join(here, '../contracts/history/stewardship');
const PRIVATE = join(here, 'history');

/** Golden payloads of a folder: kind, version and what that version wrote. */
const golden = (folder: string) =>
  readdirSync(folder).map((file) => {
    const [, kind, version] = /^(\w+)\.v(\d+)\.json$/u.exec(file)!;
    return { kind: kind!, version: Number(version), data: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown };
  });

describe('events', () => {
  it('of the contract are all stored by an aggregate, as they are published', () => {
    for (const definition of STEWARDSHIP_EVENTS) expect(events.get(definition.kind)).toBe(definition);
  });

  it.each([...golden(PUBLIC), ...golden(PRIVATE)])('$kind v$version still parses and folds as JSON', ({ kind, version, data }) => {
    const parsed = events.get(kind)!.parse(data, version);
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
    expect(published({ kind, data: parsed })).toEqual(publicKinds.includes(kind) ? { kind, data: parsed } : undefined);
  });

  it('have a golden payload each, in the folder of their kind', () => {
    const kinds = (folder: string): string[] =>
      golden(folder)
        .map(({ kind }) => kind)
        .sort();
    expect(kinds(PUBLIC)).toEqual([...publicKinds].sort());
    expect(kinds(PRIVATE)).toEqual([...events.keys()].filter((kind) => !publicKinds.includes(kind)).sort());
  });
});
