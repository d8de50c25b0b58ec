// The texts of binary values.

/** An even number of hexadecimal digits. */
export const isHexadecimal = (text: string): boolean => text.length % 2 === 0 && /^[0-9A-Fa-f]*$/.test(text);

/** Without the line breaks that XML Schema allows; undefined for what is no base64. */
export function normaliseBase64(text: string): string | undefined {
  const value = text.replace(/\s/g, '');
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? value : undefined;
}

/** Of a normalised base64. */
export function octetsOfBase64(value: string): number {
  const padding = value.endsWith('==') ? 2 : Number(value.endsWith('='));
  return (value.length / 4) * 3 - padding;
}
