// Lints snippets as if they stood in the files named, with the repository's own configuration, and prints what each one
// broke, with the rows of the dependency table.
// A process of its own, because ESLint, its TypeScript parser and Nx do not belong into Jest's module system.
//
// Two changes to the configuration, so that a case shows its own rule and no other: imports may form cycles (a forbidden
// import of a project above would be reported as a cycle only), and types are looked up only for cases that ask for them,
// because a snippet in a file that does not exist has none.
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';

const BOUNDARY = '@nx/enforce-module-boundaries';
const PROJECTS_BELOW = ['@concord/kernel', '@concord/contracts', '@concord/platform'];

// In continuous integration the parser would take the text of a file from the disk.
process.env.TSESTREE_SINGLE_RUN = 'false';

const cases = JSON.parse(await text(process.stdin));
const cwd = process.cwd();
const plain = new ESLint({ cwd });

async function withoutCycles(file) {
  const { rules } = await plain.calculateConfigForFile(file);
  const [severity, options] = rules[BOUNDARY];
  return {
    files: [file],
    rules: { [BOUNDARY]: [severity, { ...options, ignoredCircularDependencies: PROJECTS_BELOW.map((name) => [name, '*']) }] },
  };
}

const untyped = cases.filter(({ typed }) => !typed).map(({ file }) => file);
const overrideConfig = [
  ...(await Promise.all(untyped.map(withoutCycles))),
  { ...tseslint.configs.disableTypeChecked, files: untyped },
];
const eslint = new ESLint({ cwd, overrideConfig });

const broken = [];
for (const { file, code, typed } of cases) {
  const linter = typed ? plain : eslint;
  const [result] = await linter.lintText(`${code}\n`, { filePath: file });
  broken.push(result.messages.map(({ ruleId, messageId, message }) => ({ rule: ruleId, id: messageId, message })));
}
const { rules } = await plain.calculateConfigForFile('libs/kernel/src/index.ts');
process.stdout.write(JSON.stringify({ rows: rules[BOUNDARY][1].depConstraints, broken }));
