final class Box {
    let lock = NSLock()
    let id: Int
    init(_ id: Int) { self.id = id }
}
func boxes(_ ids: [Int]) -> [Box] { ids.map { Box($0) } }
