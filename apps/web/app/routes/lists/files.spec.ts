import { calendarText, folded } from './calendar.js';
import { csvCell, csvRecord, decimalText } from './csv.js';
import { atomText, jsonFeedText, xmlText, type Feed } from './feeds.js';

describe('CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "yes"', '"say ""yes"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    [-12, '-12'],
    [undefined, ''],
  ])('writes %j as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('ends a record as RFC 4180 says', () => {
    expect(csvRecord(['a', 1, undefined])).toBe('a,1,\r\n');
  });

  it.each([
    [0, 2, '0.00'],
    [5, 2, '0.05'],
    [125050, 2, '1250.50'],
    [-5, 2, '-0.05'],
    [1234, 0, '1234'],
    [Number.MAX_SAFE_INTEGER, 3, '9007199254740.991'],
  ])('writes %d with %d digits as %s', (minor, digits, text) => {
    expect(decimalText(minor, digits)).toBe(text);
  });
});

describe('the calendar', () => {
  it('folds after 75 octets and never inside a character', () => {
    const line = `SUMMARY:${'مدرسة'.repeat(30)}`;
    const rows = folded(line).trimEnd().split('\r\n');
    expect(rows.every((row) => Buffer.byteLength(row) <= 75)).toBe(true);
    expect(rows.map((row, index) => (index === 0 ? row : row.slice(1))).join('')).toBe(line);
  });

  it('writes days and instants, and escapes text', () => {
    const date = {
      uid: 'a@concord',
      title: 'Books, tables; more\\',
      url: 'https://c.example/en',
      stamp: '2027-01-02T03:04:05.678Z',
    };
    const text = calendarText('Needs', [
      { ...date, at: '2027-05-06' },
      { ...date, at: '2027-05-06T07:08:09.000Z' },
    ]);
    expect(text).toContain('DTSTART;VALUE=DATE:20270506\r\n');
    expect(text).toContain('DTSTART:20270506T070809Z\r\n');
    expect(text).toContain('DTSTAMP:20270102T030405Z\r\n');
    expect(text).toContain('SUMMARY:Books\\, tables\\; more\\\\\r\n');
  });
});

describe('feeds', () => {
  const feed: Feed = {
    title: 'Needs',
    language: 'en',
    url: 'https://c.example/en/needs.atom?q=a&sort=newest',
    page: 'https://c.example/en/needs?q=a&sort=newest',
    entries: [
      {
        id: '1',
        url: 'https://c.example/1',
        title: '<b>"&\u0007',
        language: 'fr',
        summary: 's',
        author: undefined,
        updatedAt: '2027-01-01T00:00:00Z',
      },
      {
        id: '2',
        url: 'https://c.example/2',
        title: 'two',
        language: 'en',
        summary: 's',
        author: 'A',
        updatedAt: '2027-03-01T00:00:00Z',
      },
    ],
  };

  it('keeps markup out of XML and leaves out what XML cannot hold', () => {
    expect(xmlText('<b>"&\u0007')).toBe('&#60;b&#62;&#34;&#38;');
    expect(atomText(feed)).toContain('<title xml:lang="fr">&#60;b&#62;&#34;&#38;</title>');
  });

  it('is as new as its newest entry', () => {
    expect(atomText(feed)).toContain('<title>Needs</title>\n  <updated>2027-03-01T00:00:00Z</updated>');
    expect(atomText({ ...feed, entries: [] })).toContain('<updated>1970-01-01T00:00:00Z</updated>');
  });

  it('says in JSON what it says in Atom', () => {
    const told = JSON.parse(jsonFeedText(feed)) as { feed_url: string; items: { id: string; title: string }[] };
    expect(told.feed_url).toBe(feed.url);
    expect(told.items.map(({ id, title }) => [id, title])).toEqual([
      ['urn:uuid:1', '<b>"&\u0007'],
      ['urn:uuid:2', 'two'],
    ]);
  });
});
