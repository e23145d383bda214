struct Particle { // expect if asked: property-order
    var alive: Bool
    var x: Double
    var y: Double
    var kind: UInt8
    var mass: Double
    var charged: Bool
}
struct System {
    var particles: ContiguousArray<Particle>
}
