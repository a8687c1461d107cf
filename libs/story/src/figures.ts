/** Money as the API writes it: minor units. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** Whole dollars. */
export const usd = (dollars: number): Amount => ({ amount: dollars * 100, currency: 'USD' });
/** Whole euros. */
export const eur = (euros: number): Amount => ({ amount: euros * 100, currency: 'EUR' });
/** Dollars in minor units. */
export const cents = (dollars: number): number => dollars * 100;

/** What the need asks for (domain.md section 6, step 2); money in minor units. */
export const LINES = {
  L1: {
    kind: 'funding',
    title: 'Equipment, content and training',
    unit: 'USD',
    target: cents(600_000),
    minimum: cents(450_000),
    recipient: 'lead',
  },
  L2: { kind: 'expertise', title: 'Teacher training and engineering', unit: 'hour', target: 1_600, recipient: 'lead' },
  L3: { kind: 'in_kind', title: 'Tablets', unit: 'item', target: 240, recipient: 'owner' },
  L4: { kind: 'data', title: 'Map of schools', unit: 'dataset', target: 1, recipient: 'lead' },
} as const;

/** Criteria of the need with their weights, and the marks of the three reviewers in the same order (step 8). */
export const CRITERIA = [
  { title: 'Relevance', weight: 30 },
  { title: 'Feasibility', weight: 25 },
  { title: 'Sustainability', weight: 20 },
  { title: 'Inclusion', weight: 15 },
  { title: 'Cost', weight: 10 },
] as const;

/** Marks 0 to 10 of the three reviewers, and what follows from them in hundredths of a point. */
export const SCORES = {
  lantern: {
    marks: [
      [9, 8, 8, 9, 7],
      [8, 8, 7, 9, 8],
      [8, 9, 8, 8, 8],
    ],
    results: [8_350, 7_950, 8_250],
    mean: 8_183,
  },
  bluefin: {
    marks: [
      [7, 7, 6, 6, 9],
      [7, 8, 6, 6, 8],
      [6, 7, 6, 7, 9],
    ],
    results: [6_850, 7_000, 6_700],
    mean: 6_850,
  },
} as const;

/** Instalments of the four money pledges by the shares 20, 30, 30, 20; minor units of their currencies (step 11). */
export const INSTALMENTS = {
  P1: [cents(60_000), cents(90_000), cents(90_000), cents(60_000)],
  P2: [cents(25_000), cents(37_500), cents(37_500), cents(25_000)],
  P3: [cents(18_000), cents(27_000), cents(27_000), cents(18_000)],
  P4: [cents(12_000), cents(18_000), cents(18_000), cents(12_000)],
} as const;

/** Dollars that came in after each milestone, and euros; USD 90,000 + EUR 25,000 count 120,000 on the line. */
export const RECEIVED = [
  { usd: cents(90_000), eur: cents(25_000), counted: cents(120_000) },
  { usd: cents(225_000), eur: cents(62_500), counted: cents(300_000) },
  { usd: cents(360_000), eur: cents(100_000), counted: cents(480_000) },
  { usd: cents(450_000), eur: cents(125_000), counted: cents(600_000) },
] as const;

/** What the lead spends and by when; `dollarsAfter` is all that was spent in USD by then (steps 13 to 17). */
export const SPENDING = [
  { day: 150, amounts: [usd(80_000), eur(25_000)], purpose: 'Site survey, servers and content', dollarsAfter: 80_000 },
  { day: 250, amounts: [usd(130_000), eur(37_500)], purpose: 'Thirty schools and teacher training', dollarsAfter: 210_000 },
  { day: 340, amounts: [usd(133_500), eur(37_500)], purpose: 'Thirty more schools and training', dollarsAfter: 348_000 },
  { day: 376, amounts: [usd(90_000), eur(25_000)], purpose: 'Handover and maintenance', dollarsAfter: 438_000 },
] as const;

/** Dollars that are entered twice, and what was spent with both entries and after one was voided (step 15). */
export const DOUBLE_ENTRY = { amount: usd(4_500), dollarsWithBoth: 219_000, dollarsAfter: 214_500 } as const;

/** Dollars that go back to the first pledger (step 17). */
export const REFUND = usd(12_000);

/** The last row of the story's money: received = spent + refunded (step 17). */
export const BOOKS = {
  EUR: { currency: 'EUR', received: cents(125_000), spent: cents(125_000), refunded: 0, balance: 0 },
  USD: { currency: 'USD', received: cents(450_000), spent: cents(438_000), refunded: cents(12_000), balance: 0 },
} as const;
