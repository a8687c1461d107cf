import { AMOUNT_MAX, daysAfter } from '@concord/kernel';
import type { Actor, Answer } from '@concord/testing';
import type { World } from './world.js';

/** The last instants a timestamp of four digits can name. */
const LAST = ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.999999999Z'];
const reason = { code: 'spec', text: 'Because the spec says so.' };

/** Throws for an answer that is a fault of ours; the domain may refuse. */
function sound(answer: Answer): Answer {
  if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** A need whose money line is as long as numbers go, drafted to the end of time. */
async function needAtTheEnds({ as, on }: World, validUntil: string): Promise<{ id: string; lines: { lineId: string }[] }> {
  const { body } = await as('owner').ok('/needs', {
    title: '漢'.repeat(200),
    summary: '👩‍👩‍👧‍👦'.repeat(400),
    language: 'en',
    needType: 'strategy',
    country: 'MW',
    sdgTargets: ['4.a'],
    lines: [
      { kind: 'funding', title: 'e\u0301'.repeat(50), unit: 'USD', target: AMOUNT_MAX, minimum: AMOUNT_MAX, recipient: 'lead' },
      { kind: 'expertise', title: '%_\\', unit: 'hour', target: AMOUNT_MAX, recipient: 'owner' },
    ],
    criteria: [{ title: 'Relevance', weight: 100 }],
    intakeClosesAt: daysAfter(on.clock.now(), 30),
    validUntil,
  });
  return body;
}

const money = (lineId: string, amount: number, more: object = {}) => ({
  lineId,
  kind: 'funding',
  amount: { amount, currency: 'USD' },
  instrument: 'grant',
  earmarking: 1,
  schedule: { type: 'by_milestone' },
  ...more,
});

const hours = (lineId: string, amount: number, from: string, until: string) => ({
  lineId,
  kind: 'expertise',
  hours: amount,
  skill: 'zz',
  role: 'zz',
  languages: ['en'],
  remote: true,
  from,
  until,
  aidType: 'D01',
  unitValue: { amount: AMOUNT_MAX, currency: 'USD' },
});

/** Offers at the ends of numbers, rates and calendars, on the lines of one need; returns how many were taken. */
async function offers(funder: Actor, [cash, time]: string[]): Promise<number> {
  let taken = 0;
  const rated = (rate: string, amount: number) =>
    money(cash!, 1, { amount: { amount, currency: 'EUR' }, exchange: { rate, rateDate: '2026-01-01', source: 'zz' } });
  const bodies = [
    money(cash!, AMOUNT_MAX),
    money(cash!, 1),
    money(cash!, AMOUNT_MAX, { acceptPartial: true }),
    ...['0.0000000001', '999999999.9999999999', '1.0000000001'].flatMap((rate) =>
      [1, AMOUNT_MAX].map((amount) => rated(rate, amount)),
    ),
    ...LAST.map((validUntil) => money(cash!, 1, { validUntil, acceptPartial: true })),
    ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'].map((validUntil) =>
      money(cash!, 1, { validUntil }),
    ),
    hours(time!, AMOUNT_MAX, '0000-01-01', '9999-12-31'),
    hours(time!, 1, '0001-01-01', '0001-01-01'),
  ];
  for (const body of bodies) {
    const made = sound(await funder.post('/pledges', body));
    if (made.status !== 201) continue;
    taken += 1;
    const amended = { ...body, lineId: undefined, reason };
    sound(await funder.post(`/pledges/${made.body.id}/amend`, amended));
    sound(await funder.get(`/pledges/${made.body.id}`));
    sound(await funder.post(`/pledges/${made.body.id}/withdraw`, { reason }));
  }
  return taken;
}

/** Takes needs, offers, needs' extensions and the lists over them to the ends of what is allowed; returns how many offers were taken. */
export async function playExtremes(world: World): Promise<number> {
  const { as, on } = world;
  let taken = 0;
  for (const validUntil of [daysAfter(on.clock.now(), 60), ...LAST]) {
    const need = await needAtTheEnds(world, validUntil);
    const path = `/needs/${need.id}`;
    sound(await as('owner').post(`${path}/submit`));
    const published = sound(await as('owner2').post(`${path}/publish`));
    await on.platform.settled();
    if (published.status !== 200) continue;
    taken += await offers(
      as('funder'),
      need.lines.map(({ lineId }) => lineId),
    );
    for (const intakeClosesAt of LAST)
      sound(await as('owner2').post(`${path}/amend`, { reason, intakeClosesAt, validUntil: LAST[0] }));
    sound(await as('owner2').post(`${path}/close-intake`));
    for (const intakeClosesAt of LAST) sound(await as('owner2').post(`${path}/extend`, { reason, intakeClosesAt }));
    await on.platform.settled();
    for (const sub of ['', '/readiness', '/outcome', '/funding', '/history', '/stream']) sound(await as('owner').get(path + sub));
    sound(await as('owner').get(`/ledger?need=${need.id}`));
  }
  for (const sort of ['newest', 'closing_soon', 'recently_updated']) {
    let next: string | undefined = `/needs?sort=${sort}&limit=1&facets=true&count=estimate`;
    for (let page = 0; next !== undefined && page < 20; page += 1) {
      const { body, headers } = sound(await as('owner').get(next));
      next = body.next === undefined ? undefined : /<\/api\/v1([^>]+)>/u.exec(headers.get('link') ?? '')?.[1];
    }
  }
  sound(await as('funder').get(`/organisations/${world.organisations.funder}/conversion`));
  await on.platform.runDue();
  return taken;
}
