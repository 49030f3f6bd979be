export function whyInstall(root: string): string | undefined;
export function installNpmPackages(root: string): string;
