import { planOf, typedPlan, type Values } from './plan-form.js';
import type { Planned } from './plan-table.js';

const milestone = (title: string, share: number): Planned => ({
  title,
  share,
  dueOn: '2027-03-01',
  responsibleId: 'lead',
  lineIds: ['L1', 'L2'],
  criteria: [{ criterion: 'Sites surveyed', quantity: 60, unit: 'site' }],
  signers: [
    { role: 'steward', organisationId: 'ministry' },
    { role: 'verifier', organisationId: 'fieldmark' },
  ],
});
const plan = [milestone('Survey', 40), { ...milestone('Handover', 60), milestoneId: 'M2' }];
const changed = (changes: Record<string, string[]>): Values => ({ ...typedPlan(plan), ...changes });

it('comes back from its form as it went in', () => {
  const { milestones, faults } = planOf(typedPlan(plan));
  expect(milestones).toEqual(plan);
  expect(faults).toEqual([]);
});

it('leaves out what is ticked, and finds the field behind a shifted place', () => {
  const typed = planOf(
    changed({ 'milestones.0.remove': ['yes'], 'milestones.1.share': ['100'], 'milestones.1.signers.0.organisationId': [''] }),
  );
  expect(typed.milestones.map(({ title }) => title)).toEqual(['Handover']);
  expect(typed.fieldOf('/milestones/0/dueOn')).toBe('milestones.1.dueOn');
  expect(typed.fieldOf('/milestones/0/signers/0/organisationId')).toBe('milestones.1.signers.1.organisationId');
  expect(typed.fieldOf('/reason/text')).toBe('reason.text');
});

it.each<[string, Record<string, string[]>, string]>([
  ['shares that are not 100', { 'milestones.0.share': ['41'] }, 'milestones.0.share'],
  ['a missing title', { 'milestones.1.title': [' '] }, 'milestones.1.title'],
  ['a day that is none', { 'milestones.0.dueOn': ['soon'] }, 'milestones.0.dueOn'],
  ['a quantity that is none', { 'milestones.0.criteria.0.quantity': ['many'] }, 'milestones.0.criteria.0.quantity'],
  ['no line', { 'milestones.0.lineIds': [] }, 'milestones.0.lineIds'],
  ['a signer without a role', { 'milestones.0.signers.1.role': [''] }, 'milestones.0.signers.1.role'],
])('says what is wrong: %s', (_what, changes, field) => {
  expect(planOf(changed(changes)).faults.map((fault) => fault.field)).toContain(field);
});
