import Hummingbird
import HummingbirdCore
import NIOCore

/// What holds for every request, whatever its path: what may be asked, by which name, and what is said to who asks for something else.
///
/// A server that only its own machine can reach answers only to names of that machine and to addresses. Otherwise a page from elsewhere, open in a browser
/// on this machine, could have its own name lead here ("DNS rebinding") and read what is meant for the machine's user, keys included.
struct RequestRules: RouterMiddleware {
    typealias Context = BasicRequestContext

    /// Whether names of other machines are refused.
    let isLocal: Bool

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get || request.method == .head else {
            var refusal = text("Everything here is only read: GET or HEAD.\n", .methodNotAllowed)
            refusal.headers[.allow] = "GET, HEAD"
            return refusal
        }
        if isLocal, let authority = request.head.authority, !Self.isOfThisMachine(authority) {
            return text(
                "This server is for its own machine: ask for it as localhost or by its address.\n", .misdirectedRequest)
        }
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return text(
                "There is nothing here. There is / for people, /metrics for Prometheus, /debug/maps for tools, and /healthz.\n",
                .notFound)
        }
    }

    /// Whether a `Host` is an address or `localhost`, with or without a port; or empty, which browsers never send.
    static func isOfThisMachine(_ authority: String) -> Bool {
        var name = authority[...]
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return false }
            name = name[name.index(after: name.startIndex)..<end]
        } else if let colon = name.firstIndex(of: ":") {
            name = name[..<colon]
        }
        guard !name.isEmpty else { return true }
        if (try? SocketAddress(ipAddress: String(name), port: 0)) != nil { return true }
        if name.hasSuffix(".") { name = name.dropLast() }
        let lowercased = name.lowercased()
        return lowercased == "localhost" || lowercased.hasSuffix(".localhost")
    }

    private func text(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
