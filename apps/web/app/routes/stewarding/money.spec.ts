import { quantityIn, sentQuantity, typedIn } from './money.js';

it.each([
  ['USD', '1250.5', 125_050],
  ['USD', '1,250.50', 125_050],
  ['EUR', '12 500', 1_250_000],
  ['JPY', '1500', 1500],
  ['KWD', '1.234', 1234],
  ['hour', '40', 40],
])('reads an amount in %s: %s', (unit, text, minor) => {
  expect(quantityIn(unit, text)).toBe(minor);
  expect(quantityIn(unit, typedIn(unit, minor))).toBe(minor);
});

it.each([
  ['USD', '1.234'],
  ['JPY', '1.5'],
  ['hour', '1.5'],
  ['USD', '-5'],
  ['USD', 'ten'],
  ['USD', '1.2.3'],
])('takes no other number in %s: %s', (unit, text) => expect(quantityIn(unit, text)).toBeNaN());

it('says nothing about nothing', () => expect(quantityIn('USD', undefined)).toBeUndefined());

it('sends what it cannot read as it was typed, so that the API names the fault', () => {
  expect(sentQuantity('USD', 'ninety')).toBe('ninety');
  expect(sentQuantity('USD', '90')).toBe(9000);
});
