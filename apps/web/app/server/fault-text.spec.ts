import { emptyText, faultText } from './fault-text.server.js';

const t = (key: string): string => key;

it.each([
  ['Invalid input: expected string, received undefined', 'faults:required'],
  ['Invalid option: expected one of "employment"|"family"', 'faults:format'],
  ['must be a UUID in lower case', 'faults:format'],
  ['Too small: expected array to have >=1 items', 'faults:tooFew'],
  ['Invalid input: expected number, received null', 'faults:number'],
  ['something that nobody foresaw', 'something that nobody foresaw'],
])('says of %j: %s', (message, key) => {
  expect(faultText(t, message)).toBe(key);
});

it('asks to fill in what is empty, and keeps what says more', () => {
  expect(['faults:format', 'faults:number', 'faults:date', 'faults:email'].map((key) => emptyText(t, key))).toEqual(
    Array.from({ length: 4 }, () => 'faults:required'),
  );
  expect(['faults:tooFew', 'The minimum is too high.'].map((text) => emptyText(t, text))).toEqual([
    'faults:tooFew',
    'The minimum is too high.',
  ]);
});
