import type { LoaderFunctionArgs } from 'react-router';
import { load } from '../../server/load.server.js';
import { boardOf, businessNow, parameter } from './board.js';

const escaped = (text: string): string => text.replaceAll(/[\\;,]/gu, (one) => `\\${one}`).replaceAll(/\r?\n/gu, '\\n');

/** Lines of at most 75 bytes, as RFC 5545 asks; a long one goes on after a line break and a blank. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (new TextEncoder().encode(part + character).length > 73) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].join('\r\n ');
}

const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
const plain = (day: string): string => day.replaceAll('-', '');

/** Due dates of milestones and reports as a calendar that programs subscribe to (RFC 5545). */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const [now, { board }] = await Promise.all([businessNow(visit), boardOf(visit, parameter(args, 'id'))]);
    const { project, milestones, reports } = board;
    const stamp = `${now.slice(0, 19).replaceAll(/[-:]/gu, '')}Z`;
    const due = [
      ...milestones
        .filter(({ status }) => status !== 'dropped')
        .map(({ id, title, dueOn, status }) => ({
          id,
          dueOn,
          title,
          state: visit.t(`words:milestone.${status}`),
          at: `/milestones/${id}`,
        })),
      ...reports.map(({ id, kind, dueOn, status }) => ({
        id,
        dueOn,
        title: visit.t(`projects:reportKind.${kind}`),
        state: visit.t(`words:report.${status}`),
        at: `/reports/${id}`,
      })),
    ];
    const events = due.flatMap(({ id, dueOn, title, state, at }) => [
      'BEGIN:VEVENT',
      `UID:${id}@${visit.url.hostname}`,
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${plain(dueOn)}`,
      `DTEND;VALUE=DATE:${plain(dayAfter(dueOn))}`,
      `SUMMARY:${escaped(`${title} – ${project.title}`)}`,
      `DESCRIPTION:${escaped(state)}`,
      `URL:${visit.url.origin}${visit.href(`/projects/${project.id}${at}`)}`,
      'END:VEVENT',
    ]);
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Concord//Milestones//EN',
      `X-WR-CALNAME:${escaped(project.title)}`,
      ...events,
      'END:VCALENDAR',
    ];
    return new Response(`${lines.map(folded).join('\r\n')}\r\n`, {
      headers: { 'content-type': 'text/calendar; charset=utf-8', 'content-disposition': 'attachment; filename="milestones.ics"' },
    });
  });
