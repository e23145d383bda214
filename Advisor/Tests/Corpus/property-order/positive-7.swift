struct Pixel { // expect if asked: property-order
    var opaque: Bool
    var depth: Int32
    var dirty: Bool
    var color: UInt32
    var blend: UInt8
    var layer: Int32
}
struct Canvas {
    var pixels: [Pixel?]
}
