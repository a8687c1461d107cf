import { Counts } from './parts.js';

/** A page with one place for the count, as far as `Counts` looks at it. */
function page(sequence: string) {
  const badge = { hidden: true };
  const place = { dataset: { liveSequence: sequence }, textContent: '0', closest: () => badge };
  const root = { querySelector: () => place, querySelectorAll: () => [place] };
  return { root: root as unknown as ParentNode, place, badge };
}

const changed = (sequence: number, unread: number) => ({ type: 'concord.notifications.InboxChanged', sequence, data: { unread } });

describe('the unread count of a page', () => {
  it('is the one with the highest sequence, whichever comes first', () => {
    const { root, place } = page('4');
    const counts = new Counts(root, '/en/inbox/unread');
    counts.take(changed(6, 3));
    counts.take(changed(5, 9));
    expect(place.textContent).toBe('3');
  });

  it('keeps what the page was made with against an older event', () => {
    const { root, place } = page('7');
    new Counts(root, '/en/inbox/unread').take(changed(6, 2));
    expect(place.textContent).toBe('0');
  });

  it('hides its badge at zero and shows it again', () => {
    const { root, badge } = page('0');
    const counts = new Counts(root, '/en/inbox/unread');
    counts.take(changed(1, 2));
    expect(badge.hidden).toBe(false);
    counts.take(changed(2, 0));
    expect(badge.hidden).toBe(true);
  });

  it('takes no count from other events', () => {
    const { root, place } = page('0');
    new Counts(root, '/en/inbox/unread').take({ type: 'concord.pledges.PledgeMade', sequence: 9, data: { unread: 5 } });
    expect(place.textContent).toBe('0');
  });
});
