import { exportStream, verifyStream, createClient } from '@concord/client';
import { FundResource, LedgerBalances, NeedFunding, OrganisationConversion } from '@concord/contracts';
import { CAST, type OrganisationKey } from '../cast.js';
import { BOOKS, cents } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

const money = (minor: number, currency: string): string => `${currency} ${(minor / 100).toLocaleString('en-US')}`;

async function lines(stage: Stage): Promise<void> {
  const funding = await stage.get(`/needs/${stage.the('need')}/funding`, NeedFunding);
  const [l1, l2, l3, l4] = funding.lines;
  const all = cents(600_000);
  stage.check('L1 pledged, confirmed, delivered', [l1?.pledged, l1?.confirmed, l1?.delivered], [all, all, all]);
  stage.row('L1 pledged = confirmed = delivered', money(all, 'USD'));
  stage.check('L2 delivered and gap, L3, L4', [l2?.delivered, l2?.gap, l3?.delivered, l4?.delivered], [1_540, 60, 240, 1]);
  stage.row('L2; L3; L4 delivered', '1,540 of 1,600 h (96.25 %, gap 60); 240; 1');
  const values = funding.nonCash.map(({ currency, method, value }) => [currency, method, value]);
  const parts = [
    ['USD', 'replacement_cost', cents(43_200)],
    ['USD', 'unit_rate', cents(49_500 + 30_000 + 7_000)],
  ];
  stage.check('Non-cash value by method', values, parts);
  stage.check(
    'Non-cash value',
    funding.nonCash.reduce((sum, { value }) => sum + value, 0),
    cents(129_700),
  );
  stage.row('Non-cash value', '49,500 + 30,000 + 7,000 + 43,200 = USD 129,700');
}

async function books(stage: Stage): Promise<void> {
  const fund = await stage.get(`/funds/${stage.the('project')}`, FundResource);
  stage.check('Received = spent + refunded', fund.balances, [BOOKS.EUR, BOOKS.USD]);
  stage.row('Received = spent + refunded', 'USD 450,000 = 438,000 + 12,000; EUR 125,000');
  const ledger = await stage.eventually(`/ledger?need=${stage.the('need')}`, LedgerBalances, ({ balanced }) => balanced);
  stage.check(
    'Every book sums to zero per unit',
    ledger.books.map(({ debit, credit }) => debit - credit).filter((sum) => sum !== 0),
    [],
  );
  stage.check('Books', [...new Set(ledger.books.map(({ book }) => book))].sort(), ['committed', 'moved', 'promised']);
  stage.row('Ledger', `balanced: ${ledger.books.length} books and units, each sums to zero`);
}

/** Permille confirmed and delivered per organisation and kind (R19). */
export const CONVERSION: readonly (readonly [OrganisationKey, number, number | undefined])[] = [
  ['harbourlight', 1_000, 1_000],
  ['norvale', 1_000, 1_000],
  ['brightwater', 1_000, 1_000],
  ['cedarRidge', 1_000, 1_000],
  ['lakemont', 1_000, 1_000],
  ['kestrel', 1_000, 1_000],
  ['openMeadow', 1_000, 700],
  ['atlas', 1_000, 1_000],
  ['cobalt', 0, undefined],
];

async function conversion(stage: Stage): Promise<void> {
  for (const [key, confirmed, delivered] of CONVERSION) {
    const { items } = await stage.get(`/organisations/${stage.org(key)}/conversion`, OrganisationConversion);
    const found = items.map(({ confirmedPermille, deliveredPermille }) => [confirmedPermille, deliveredPermille]);
    stage.check(
      `Conversion of ${CAST[key].name}, confirmed and delivered permille`,
      found,
      items.map(() => [confirmed, delivered]),
    );
    stage.check(`${CAST[key].name} pledged`, items.length > 0, true);
  }
  stage.row('Conversion', 'Open Meadow 70 %, others 100 %; Cobalt 0 % confirmed');
}

async function chains(stage: Stage): Promise<void> {
  const client = createClient({ baseUrl: stage.baseUrl });
  const streams = [
    ...['need'].map((name) => ['needs', name]),
    ...['L1', 'L2', 'L3', 'L4'].map((name) => ['lines', name]),
    ...['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10'].map((name) => ['pledges', name]),
    ['projects', 'project'],
    ['funds', 'project'],
    ...['M1', 'M2', 'M3', 'M4'].map((name) => ['milestones', name]),
  ] as [string, string][];
  let events = 0;
  for (const [plural, name] of streams) {
    const verdict = await verifyStream(await exportStream(client, plural, stage.the(name)));
    events += verdict.events;
    stage.check(`Hash chain of ${name} in ${plural}`, verdict.intact ? 'whole' : verdict.faults, 'whole');
  }
  stage.row(
    'Hash chains',
    `${streams.length} exported streams whole, ${events.toLocaleString('en-US')} events, verified without the server (R50)`,
  );
}

/** The table at the end of the story (domain.md section 6), without exports. */
export const table: readonly Step[] = [
  {
    day: 385,
    title: 'The table at the end',
    actor: 'ministry',
    async play(stage) {
      await lines(stage);
      await books(stage);
      await conversion(stage);
      await chains(stage);
      const heard = await stage.heardEverything();
      stage.row('Notifications', `${heard} over the sockets, level with every inbox`);
    },
  },
];
