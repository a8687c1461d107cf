/** Packages and parts of Node that a built module imports before it runs. */
export function bareImports(text: string): string[] {
  return [...text.matchAll(/^import\s*(?:[\w$*{][^'"\n]*(?:\n[^'"\n]*)*?from\s*)?["']([^'".][^'"]*)["'];?$/gmu)].map(
    ([, name]) => name!,
  );
}
