// As much of PromQL as our rules and dashboards use: enough to find a metric or a label that does not exist, an unknown function, and
// brackets and operators that do not fit. It is no evaluator.

/** Functions and aggregations that our expressions may call. */
const FUNCTIONS = new Set(
  'rate increase changes sum max min avg count topk histogram_quantile max_over_time min_over_time label_values clamp_min'.split(
    ' ',
  ),
);
const GROUPING = new Set(['by', 'without', 'on', 'ignoring']);
const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|\$\{?[A-Za-z_]+\}?|[A-Za-z_:][\w:]*|\d+(?:\.\d+)?(?:ms|s|m|h|d|w|y)?|=~|!~|!=|==|>=|<=|[-+*/%^<>=(){}[\],]/uy;

/** What an expression refers to. */
export interface Expression {
  readonly metrics: ReadonlyMap<string, ReadonlySet<string>>;
  /** Labels by which it groups. */
  readonly groups: ReadonlySet<string>;
  readonly faults: readonly string[];
}

/** Cuts an expression into pieces, without white space. Throws at a character that PromQL does not have. */
function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(expression) ?? [];
    if (token === undefined) throw new Error(`unexpected ${JSON.stringify(expression.slice(at, at + 10))}`);
    if (token.trim() !== '') tokens.push(token);
  }
  return tokens;
}

/** Reads an expression; faults are listed, not thrown. */
export function readExpression(expression: string): Expression {
  const metrics = new Map<string, Set<string>>();
  const groups = new Set<string>();
  const faults: string[] = [];
  let tokens: string[];
  try {
    tokens = tokensOf(expression);
  } catch (error) {
    return { metrics, groups, faults: [(error as Error).message] };
  }
  faults.push(...bracketFaults(tokens), ...operatorFaults(tokens));
  for (let at = 0; at < tokens.length; at += 1) {
    const [token, next] = [tokens[at]!, tokens[at + 1]];
    if (!/^[A-Za-z_:]/u.test(token)) continue;
    if (GROUPING.has(token) && next === '(') {
      const end = tokens.indexOf(')', at);
      for (const label of tokens.slice(at + 2, end < 0 ? undefined : end)) if (label !== ',') groups.add(label);
      at = end < 0 ? tokens.length : end;
    } else if (next === '(' || (next !== undefined && GROUPING.has(next))) {
      if (!FUNCTIONS.has(token)) faults.push(`${token} is no function we know`);
    } else {
      const labels = metrics.get(token) ?? new Set();
      metrics.set(token, labels);
      if (next === '{') {
        const end = tokens.indexOf('}', at);
        const inside = tokens.slice(at + 2, end < 0 ? undefined : end);
        for (let pair = 0; pair < inside.length; pair += 4) {
          const [label = '', operator = '', value = '', comma] = inside.slice(pair, pair + 4);
          if (
            !/^[a-z_]+$/u.test(label) ||
            !['=', '!=', '=~', '!~'].includes(operator) ||
            !value.startsWith('"') ||
            (comma ?? ',') !== ','
          )
            faults.push(`${[label, operator, value].join('')} is no label matcher`);
          labels.add(label);
        }
        at = end < 0 ? tokens.length : end;
      }
    }
  }
  if (metrics.size === 0) faults.push('it names no metric');
  return { metrics, groups, faults };
}

function bracketFaults(tokens: readonly string[]): string[] {
  const closes: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
  const open: string[] = [];
  for (const token of tokens) {
    if (token in closes) open.push(closes[token]!);
    else if (Object.values(closes).includes(token) && open.pop() !== token) return [`${token} closes nothing`];
  }
  return open.length > 0 ? [`${open.at(-1)} is missing`] : [];
}

const OPERATOR = /^([-+*/%^<>]|==|!=|>=|<=)$/u;

/** An operator needs something on both sides; two values need an operator between them. */
function operatorFaults(tokens: readonly string[]): string[] {
  return tokens.flatMap((token, at) => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    if (OPERATOR.test(token) && (before === undefined || after === undefined || OPERATOR.test(after) || after === ')')) {
      return [`${token} stands alone`];
    }
    if (/^\d/u.test(token) && after !== undefined && /^[\w"]/u.test(after)) return [`${token} ${after}: an operator is missing`];
    if ((token === ')' || token === '}') && after !== undefined && /^\d/u.test(after))
      return [`${token} ${after}: an operator is missing`];
    return [];
  });
}
