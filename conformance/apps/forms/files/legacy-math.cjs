// CommonJS, as older packages are.
module.exports = { twice: (n) => n * 2 };
