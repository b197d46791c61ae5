/** The API of a product that runs as a process, as somebody with curl has it. */
export class ProductApi {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** @throws Error unless it answers 2xx */
  async call<T>(method: string, path: string, body?: unknown, token = ''): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async adminToken(): Promise<string> {
    return (await this.call<{ accessToken: string }>('POST', '/dev/token', { admin: true })).accessToken;
  }
}
