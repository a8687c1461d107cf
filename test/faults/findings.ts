/** What a check may find: a name of the fault as the report counts it, and where. Nothing is found in a run that kept its promise. */
export interface Finding {
  readonly invariant: `I${number}`;
  readonly fault:
    | 'lost'
    | 'double'
    | 'phantom'
    | 'changed'
    | 'unanswered'
    | 'unbalanced'
    | 'overcap'
    | 'resolved twice'
    | 'undelivered'
    | 'duplicated'
    | 'gap'
    | 'reordered'
    | 'parked'
    | 'differs'
    | 'stale'
    | 'unauthorised'
    | 'broken';
  readonly where: string;
}

/** Collects findings of one invariant. */
export class Findings {
  readonly all: Finding[] = [];

  constructor(private readonly invariant: Finding['invariant']) {}

  add(fault: Finding['fault'], where: string): void {
    this.all.push({ invariant: this.invariant, fault, where });
  }
}

/** Groups in the order of first appearance. */
export function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
