protocol Body { var mass: Double { get } }
struct Planet: Body {
    var mass: Double
    var x: Double
    var y: Double
    var z: Double
}
func energy(_ bodies: [any Body], steps: Int) -> Double {
    var sum = 0.0
    for _ in 0..<steps {
        for body in bodies { // expect: existential-in-loop
            sum += body.mass
        }
    }
    return sum
}
