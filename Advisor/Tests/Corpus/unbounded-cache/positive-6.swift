final class AvatarCache: Sendable {
    private let images = NIOLockedValueBox<[Int: Image]>([:]) // expect if asked: unbounded-cache

    func image(_ user: Int) -> Image? { images.withLockedValue { $0[user] } }
    func put(_ image: Image, _ user: Int) { images.withLockedValue { $0[user] = image } }
}
