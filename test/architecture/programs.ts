/** Packages and parts of Node that a built module imports before it runs. */
export function bareImports(text: string): string[] {
  return [...text.matchAll(/^import\s*(?:[\w$*{][^'"\n]*(?:\n[^'"\n]*)*?from\s*)?["']([^'".][^'"]*)["'];?$/gmu)].map(
    ([, name]) => name!,
  );
}

/** Whether a file is CommonJS that the bundler made a module of: whoever imports it gets everything as `default`, and nothing by name. */
export const isNameless = (text: string): boolean =>
  /\nexport default require_\w+\(\);\s*(\/\/# sourceMappingURL=\S+\s*)?$/u.test(`\n${text}`);
