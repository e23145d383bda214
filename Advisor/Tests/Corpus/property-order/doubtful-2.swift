// One for each target of a project.
final class Target { // expect: property-order
    var isApproved: Bool = false
    var name: String = ""
    var isDynamic: Bool = false
    var other: Target?
}
