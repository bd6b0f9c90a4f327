// Runs errands by a client of the TypeScript SDK: `node --input-type=module --eval THIS REVISION`, in the folder of
// node_modules. The first line of standard input holds the errands; `{"changing": n}` on standard output asks that the
// change of errand n be made, and the line `{"changed": n}` says that it is. `{"errand": n, "answers": …}` ends each.
import { createInterface } from 'node:readline';

const dialects = {
    async '2026-07-28'() {
        const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
        const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
        return {
            transports: { http: StreamableHTTPClientTransport, stdio: StdioClientTransport },
            client: () => new Client(IDENTITY, { versionNegotiation: { mode: 'auto' } }),
            revision: client => client.getNegotiatedProtocolVersion(),
            call: (client, params, options) => client.callTool(params, options),
            hear: (client, told) => client.setNotificationHandler('notifications/resources/updated', told),
            follow: (client, uri) => client.listen({ resourceSubscriptions: [uri] }),
            leave: (_, __, subscription) => subscription.close()
        };
    },
    async '2025-11-25'() {
        const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
        const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
        const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
        const { ResourceUpdatedNotificationSchema } = await import('@modelcontextprotocol/sdk/types.js');
        return {
            transports: { http: StreamableHTTPClientTransport, stdio: StdioClientTransport },
            client: () => new Client(IDENTITY),
            revision: (_, transport) => transport.agreed,
            call: (client, params, options) => client.callTool(params, undefined, options),
            hear: (client, told) => client.setNotificationHandler(ResourceUpdatedNotificationSchema, told),
            follow: (client, uri) => client.subscribeResource({ uri }),
            leave: (client, uri) => client.unsubscribeResource({ uri })
        };
    }
};
const IDENTITY = { name: 'errands', version: '1' };

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const errands = JSON.parse((await lines.next()).value);
const awaited = new Map();
const tell = message => process.stdout.write(`${JSON.stringify(message)}\n`);

async function hearOfChanges() {
    for await (const line of lines) awaited.get(JSON.parse(line).changed)();
}

function changed(number) {
    return new Promise(resolve => {
        awaited.set(number, resolve);
        tell({ changing: number });
    });
}

async function connected(sdk, server) {
    const { http, stdio } = sdk.transports;
    const transport = server.url
        ? new http(new URL(server.url), { requestInit: { headers: server.headers } })
        : new stdio({ ...server, stderr: 'inherit' });
    const agree = transport.setProtocolVersion?.bind(transport);
    transport.setProtocolVersion = version => {
        transport.agreed = version;
        agree?.(version);
    };
    const client = sdk.client();
    await client.connect(transport);
    return [client, transport];
}

async function told(sdk, client, errand, number) {
    let hear;
    const heard = new Promise(resolve => (hear = resolve));
    sdk.hear(client, notification => hear(notification.params.uri));
    let subscription;
    try {
        subscription = await sdk.follow(client, errand.uri);
    } catch (error) {
        await changed(number);
        return { refused: error.message };
    }
    await changed(number);
    const uri = await heard;
    await sdk.leave(client, errand.uri, subscription);
    return uri;
}

async function viewAfterCancelling(sdk, client, { project, wait_seconds, waiting }) {
    const stop = new AbortController();
    const wait = { name: 'request_review', arguments: { project, wait_seconds } };
    const onprogress = ({ message }) => message?.includes(waiting) && stop.abort();
    const ended = sdk.call(client, wait, { signal: stop.signal, onprogress });
    const cancelled = await ended.then(() => false, () => stop.signal.aborted);
    if (!cancelled) throw new Error('the wait has ended, and nobody cancelled it');
    return (await sdk.call(client, { name: 'get_project', arguments: { project } })).structuredContent;
}

async function run(sdk, { server, errand }, number) {
    const [client, transport] = await connected(sdk, server);
    const named = async (method, key, name) => (await client[method]())[key].map(item => item[name]);
    const prompt = { name: 'resume_project', arguments: { project: errand.slug } };
    const begun = { name: 'project', value: errand.slug_begun };
    const completion = { ref: { type: 'ref/prompt', name: 'resume_project' }, argument: begun };
    const answers = {
        revision: sdk.revision(client, transport),
        list: {
            tools: await named('listTools', 'tools', 'name'),
            resources: await named('listResources', 'resources', 'uri'),
            prompts: await named('listPrompts', 'prompts', 'name')
        },
        call: (await sdk.call(client, { name: 'create_project', arguments: { vibe: errand.vibe } })).structuredContent,
        read: (await client.readResource({ uri: errand.uri })).contents[0].text,
        prompt: (await client.getPrompt(prompt)).messages[0].content.text,
        complete: (await client.complete(completion)).completion.values,
        subscribe: await told(sdk, client, errand, number),
        cancel: await viewAfterCancelling(sdk, client, errand)
    };
    tell({ errand: number, answers });
    await client.close();
}

const sdk = await dialects[process.argv[1]]();
hearOfChanges();
await Promise.all(errands.map((errand, number) => run(sdk, errand, number)));
process.exit(0);
