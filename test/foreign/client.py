"""Logs in with a key, lists, rotates the key and receives an event, with Python's package websockets."""

import asyncio
import json
import os

import websockets


async def main():
    async with websockets.connect(os.environ["ROSTER_URL"]) as daemon:

        async def call(number, method, params):
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            await daemon.send(json.dumps(request))
            return json.loads(await daemon.recv())["result"]

        login = await call(1, "auth.loginWithKey", {"key": os.environ["ROSTER_KEY"]})
        print("logged in as", login["principal"]["username"], flush=True)
        print("listed", (await call(2, "users.list", {}))["total"], flush=True)
        rotated = await call(3, "keys.rotate", {"id": os.environ["KEY_ID"]})
        print("rotated", rotated["previous"]["status"], rotated["secret"][:3], flush=True)
        await call(4, "events.subscribe", {"topics": ["users"]})
        print("subscribed", flush=True)
        event = json.loads(await daemon.recv())["params"]
        print("heard", event["type"], event["subject"]["name"], flush=True)


asyncio.run(main())
