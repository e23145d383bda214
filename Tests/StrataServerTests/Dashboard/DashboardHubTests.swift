import NIOCore
import StrataMonitor
import Testing

@testable import StrataServer

@Suite struct DashboardHubTests {
    private func makeHub() -> DashboardHub {
        DashboardHub(recorder: DashboardRecorder(monitor: MapMonitor(registry: MapRegistry())))
    }

    @Test func viewersGetASnapshot_thenTicks() async throws {
        let hub = makeHub()
        let viewer = try #require(hub.join())
        hub.publish()
        var messages = viewer.messages.makeAsyncIterator()
        let first = try #require(await messages.next())
        #expect(String(buffer: first).hasPrefix("event: snapshot\ndata: {"))
        let second = try #require(await messages.next())
        #expect(String(buffer: second).hasPrefix("event: tick\ndata: {"))
        #expect(String(buffer: second).hasSuffix("}\n\n"))
        // The data is one line, whatever is in it.
        #expect(String(buffer: second).split(separator: "\n").count == 2)
    }

    @Test func isFull_whenAsManyLookAsMay() throws {
        let hub = makeHub()
        var viewers = (0..<DashboardHub.maximumViewerCount).compactMap { _ in hub.join() }
        #expect(viewers.count == DashboardHub.maximumViewerCount)
        #expect(hub.join() == nil)
        viewers.removeLast()
        #expect(hub.viewerCount == DashboardHub.maximumViewerCount - 1)
        #expect(hub.join() != nil)
    }

    @Test func dropsAViewer_whoDoesNotKeepUp() async throws {
        let hub = makeHub()
        let slow = try #require(hub.join())
        let eager = try #require(hub.join())
        var seen = eager.messages.makeAsyncIterator()
        for _ in 0..<10 {
            hub.publish()
            _ = await seen.next()
        }
        #expect(hub.viewerCount == 1)
        // What was on its way is still there, then the stream ends.
        var count = 0
        for await _ in slow.messages { count += 1 }
        #expect(count == 4)
    }

    @Test func everybodySharesOneMessage() async throws {
        let hub = makeHub()
        let viewers = (0..<3).compactMap { _ in hub.join() }
        var texts: Set<String> = []
        for viewer in viewers {
            var messages = viewer.messages.makeAsyncIterator()
            texts.insert(String(buffer: try #require(await messages.next())))
        }
        #expect(texts.count == 1)
    }

    @Test func endsAllStreams_whenClosed() async throws {
        let hub = makeHub()
        let viewer = try #require(hub.join())
        hub.close()
        var count = 0
        for await _ in viewer.messages { count += 1 }
        #expect(count == 1)
        #expect(hub.join() == nil)
    }

    @Test func everyFileOfThePageIsThere() throws {
        let page = String(buffer: DashboardAssets.index.body)
        for (name, asset) in DashboardAssets.files {
            #expect(asset.body.readableBytes > 100)
            guard asset.contentType.contains("javascript") else { continue }
            // What a script imports is served.
            for line in String(buffer: asset.body).split(separator: "\n") where line.hasPrefix("import ") {
                let imported = try #require(line.split(separator: "\"").dropFirst().first)
                #expect(DashboardAssets.files[String(imported.dropFirst(2))] != nil, "\(name) imports \(imported)")
            }
        }
        for name in ["app.js", "dashboard.css", "icon.svg"] { #expect(page.contains("/assets/\(name)")) }
    }
}
