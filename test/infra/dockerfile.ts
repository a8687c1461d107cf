// Rules of our own for Dockerfiles, which need no tool: what hadolint does not ask for.

/** One instruction: its keyword in capitals, and the rest on one line. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** The instructions of a Dockerfile, continued lines joined, comments left out. */
export function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !/^\s*(#|$)/u.test(line))
    .join('\n')
    .replace(/\\\n\s*/gu, ' ')
    .split('\n');
  return lines.map((line) => {
    const [, keyword = '', text = ''] = /^\s*(\w+)\s+(.*)$/u.exec(line) ?? [];
    return { keyword: keyword.toUpperCase(), text };
  });
}

const SECRET = /(password|passwd|secret|token|api_?key|private_?key)\s*[=:]/iu;

/** Everything that is against the rules, in words. */
export function dockerfileFaults(dockerfile: string): string[] {
  const all = instructionsOf(dockerfile);
  const faults: string[] = [];
  const stages = new Set<string>();
  for (const { keyword, text } of all) {
    if (keyword === 'FROM') {
      const [image = '', stage] = text.split(/\s+as\s+/iu);
      if (!stages.has(image) && !/:\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/u.test(image))
        faults.push(`FROM ${image}: the base is not pinned to a whole version`);
      if (stage) stages.add(stage.trim());
    }
    if (keyword === 'ADD') faults.push(`ADD ${text}: COPY does what is meant, and nothing else`);
    if (['ENV', 'ARG', 'LABEL'].includes(keyword) && SECRET.test(text))
      faults.push(`${keyword} ${text}: a secret in an image is public`);
    if (keyword === 'RUN' && /\b(curl|wget)\b/u.test(text)) faults.push(`RUN ${text}: what it downloads is in no lock`);
    if (keyword === 'RUN' && /\bnpm (install|i)\b/u.test(text)) faults.push(`RUN ${text}: npm ci installs what is locked`);
  }
  const last = all.slice(all.findLastIndex(({ keyword }) => keyword === 'FROM'));
  const user = last.findLast(({ keyword }) => keyword === 'USER')?.text ?? 'root';
  if (!/^[1-9]\d*(:[1-9]\d*)?$/u.test(user)) faults.push(`USER ${user}: the image must end as a user with a number, and not root`);
  for (const wanted of ['HEALTHCHECK', 'STOPSIGNAL', 'ENTRYPOINT'])
    if (!last.some(({ keyword }) => keyword === wanted)) faults.push(`${wanted} is missing`);
  return faults;
}
