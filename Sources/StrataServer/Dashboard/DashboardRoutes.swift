import Hummingbird
import HummingbirdCore
import NIOCore
import StrataMonitor

/// What the HTTP side answers about the dashboard: `/`, the page's files, `/events`, and the figures of the moment for `strata top`.
enum DashboardRoutes {
    /// Enters the paths.
    static func add(to router: Router<BasicRequestContext>, _ hub: DashboardHub) {
        router.get("/") { request, _ in file(DashboardAssets.index, request) }
        router.get("/assets/{name}") { request, context in
            guard let asset = context.parameters.get("name").flatMap({ DashboardAssets.files[String($0)] }) else {
                return text("There is no such file.\n", .notFound)
            }
            return file(asset, request)
        }
        router.get("/events") { request, _ in events(hub, request) }
        router.get("/dashboard/state") { request, _ in
            var snapshot = hub.recorder.snapshot()
            if let seconds = request.uri.queryParameters["seconds"].flatMap({ Int($0) }) {
                snapshot.points = snapshot.points.suffix(max(seconds, 0))
            }
            return json(snapshot)
        }
        router.get("/dashboard/past") { request, _ in json(hub.recorder.course(range(request))) }
        router.get("/dashboard/map") { request, _ in
            guard let name = request.uri.queryParameters["name"].map(String.init),
                let map = hub.recorder.map(name, range(request))
            else { return text("There is no map of this name.\n", .notFound) }
            return json(map)
        }
    }

    /// How far back is asked for, by `span` in seconds: the next longer stretch that there is.
    private static func range(_ request: Request) -> DashboardRange {
        let span = request.uri.queryParameters["span"].flatMap { Int($0) } ?? 0
        return DashboardRange.allCases.first { $0.span >= span } ?? .day
    }

    private static func events(_ hub: DashboardHub, _ request: Request) -> Response {
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if request.method == .head { return Response(status: .ok, headers: headers) }
        guard let viewer = hub.join() else {
            var refusal = text(
                "\(DashboardHub.maximumViewerCount) people are looking already; this page tries again by itself.\n",
                .serviceUnavailable)
            refusal.headers[.retryAfter] = "5"
            return refusal
        }
        return Response(
            status: .ok, headers: headers,
            body: .init { writer in
                for await message in viewer.messages { try await writer.write(message) }
                try await writer.finish(nil)
            })
    }

    private static func file(_ asset: DashboardAssets.Asset, _ request: Request) -> Response {
        let headers: HTTPFields = [
            .contentType: asset.contentType, .cacheControl: "no-cache", .eTag: asset.tag,
            .contentSecurityPolicy: DashboardAssets.securityPolicy, .xContentTypeOptions: "nosniff",
        ]
        if request.headers[.ifNoneMatch]?.contains(asset.tag) == true {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.body))
    }

    private static func json(_ value: some Encodable) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: MapMonitor.json(value))))
    }

    private static func text(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
