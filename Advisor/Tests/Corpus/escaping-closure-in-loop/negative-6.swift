func once(_ item: Item) {
    handlers[item.name] = { item.open() }
}
