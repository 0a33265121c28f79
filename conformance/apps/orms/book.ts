// What every service of this app stores, each through a library of its own.
export interface NewBook {
  title: string;
  pages: number;
}

export interface Book extends NewBook {
  id: number;
}

export interface Books {
  books: Book[];
}
