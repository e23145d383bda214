final class Handler: ChannelHandler, @unchecked Sendable {
    let eventLoop: any EventLoop
    var streams: [Int: Stream] = [:]

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func open(_ id: Int) { streams[id] = Stream() }
}
