export default async function tearDown() {
  const stop = globalThis.concordTearDown;
  globalThis.concordTearDown = undefined;
  await stop?.();
}
