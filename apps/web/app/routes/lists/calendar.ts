/** A date of a calendar file. */
export interface CalendarDate {
  /** Stays the same when the date moves, so that calendars move their entry. */
  readonly uid: string;
  /** A day `2027-01-31`, or an instant in RFC 3339. */
  readonly at: string;
  readonly title: string;
  readonly url: string;
  /** When it was last known to be so, RFC 3339. */
  readonly stamp: string;
}

const LINE_OCTETS_MAX = 75;

const escaped = (text: string): string => text.replace(/[\\;,]/gu, '\\$&').replace(/\r\n|\r|\n/gu, '\\n');
const compact = (at: string): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/gu, '');

/** A content line, folded after 75 octets and never inside a character (RFC 5545, 3.1). */
export function folded(line: string): string {
  const rows: string[] = [];
  let row = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS_MAX) {
      rows.push(row);
      row = ' ';
      octets = 1;
    }
    row += character;
    octets += size;
  }
  return `${[...rows, row].join('\r\n')}\r\n`;
}

function when(at: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(at)) return `DTSTART:${compact(at)}`;
  return `DTSTART;VALUE=DATE:${at.replaceAll('-', '')}`;
}

/** A calendar of dates as iCalendar (RFC 5545). */
export function calendarText(title: string, dates: readonly CalendarDate[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Concord//Concord//EN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(title)}`,
    ...dates.flatMap(({ uid, at, title: name, url, stamp }) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${compact(stamp)}`,
      when(at),
      `SUMMARY:${escaped(name)}`,
      `URL:${url}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map(folded).join('');
}
