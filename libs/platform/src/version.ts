/** Version of the product: all packages of the repository carry the same, which `otherVersions` of test/architecture demands. */
export const VERSION = '0.1.0';
