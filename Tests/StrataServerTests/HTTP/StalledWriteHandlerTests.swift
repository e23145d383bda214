import NIOCore
import NIOEmbedded
import Testing

@testable import StrataServer

@Suite struct StalledWriteHandlerTests {
    /// A connection whose peer takes what is flushed and nothing before.
    private static func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: StalledWriteHandler(timeout: .seconds(10)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func closes_whenNothingIsTakenForTooLong() throws {
        let channel = try Self.channel()
        channel.write(ByteBuffer(string: "figures"), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!channel.isActive)
    }

    @Test func stays_whenAllIsTaken() throws {
        let channel = try Self.channel()
        channel.write(ByteBuffer(string: "a"), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        channel.flush()
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func timeBeginsAnew_withWhatIsTaken() throws {
        let channel = try Self.channel()
        channel.write(ByteBuffer(string: "a"), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        channel.flush()
        channel.write(ByteBuffer(string: "b"), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func stays_whenNothingIsSent() throws {
        let channel = try Self.channel()
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
