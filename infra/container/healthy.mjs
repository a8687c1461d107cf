// Health of the process in this container: exit code 0 when it is ready. `node infra/container/healthy.mjs [path]`; the path is
// /readyz unless given (/livez asks only whether it answers).
const { CONCORD_WEB_PORT, CONCORD_PORT = '3000' } = process.env;
const path = process.argv[2] ?? '/readyz';
try {
  const response = await fetch(`http://127.0.0.1:${CONCORD_WEB_PORT ?? CONCORD_PORT}${path}`, {
    signal: AbortSignal.timeout(4_000),
  });
  if (!response.ok) {
    process.stderr.write(`${path} answered ${response.status}: ${(await response.text()).slice(0, 1_000)}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${path} does not answer: ${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
