import { digitsOf, fieldAmount, minorOf, quantityOf, wholeOf } from './amount-text.js';

describe('amounts as people write them', () => {
  it.each([
    ['600000', 'USD', 60_000_000],
    ['600 000', 'USD', 60_000_000],
    ['600,000', 'USD', 60_000_000],
    ['600.000', 'EUR', 60_000_000],
    ['1,234,567.8', 'USD', 123_456_780],
    ['1.234.567,89', 'EUR', 123_456_789],
    ['1\u202f000,50', 'EUR', 100_050],
    ['12.5', 'USD', 1250],
    ['٦٠٠٠', 'USD', 600_000],
    ['5000', 'JPY', 5000],
    ['0', 'USD', 0],
  ])('%s of %s is %d', (text, currency, minor) => {
    expect(minorOf(text, currency)).toBe(minor);
  });

  it.each([
    ['', 'USD'],
    ['much', 'USD'],
    ['-5', 'USD'],
    ['1,00,000', 'USD'],
    ['10.0055', 'USD'],
    ['5.5', 'JPY'],
    ['99999999999999999', 'USD'],
  ])('%s of %s is none', (text, currency) => {
    expect(minorOf(text, currency)).toBe(Number.NaN);
  });

  it('counts whole things only', () => {
    expect([wholeOf('1 600'), wholeOf('240'), wholeOf('2.5'), quantityOf('900', 'hour')]).toEqual([1600, 240, Number.NaN, 900]);
  });

  it('goes back into a field as it was', () => {
    expect([
      fieldAmount(60_000_000, 'USD'),
      fieldAmount(100_050, 'EUR'),
      fieldAmount(5000, 'JPY'),
      fieldAmount(240, 'item'),
    ]).toEqual(['600000', '1000.50', '5000', '240']);
    expect([digitsOf('USD'), digitsOf('JPY'), digitsOf('no')]).toEqual([2, 0, 2]);
  });
});
